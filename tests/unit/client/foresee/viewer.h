/*
 * tests/unit/client/foresee/viewer: how people zap, as far as it is published.
 *
 * Published, on 255,000 households, 150 channels, six months (Ramos, Crowcroft, Gibbens, Rodriguez,
 * White: Reducing channel change delay in IPTV by predictive pre-joining of TV channels, 2011):
 * most zaps are linear; both neighbours, for one minute after each zap, are the target of about 45
 * % of all zaps. The model's steps and stays are set so that this comes out, and a test holds it to
 * that. That people have habits is published too (Yu, Ding, Cao, Liu, Yang: Follow me, 2017: three
 * guesses from the channels seen before hit up to 45 % of switches). Assumed by us: Zipf's law for
 * a viewer's own channels and its exponent, how often a choice follows the channel it leaves, how
 * often LAST is pressed, and the shape of the stays.
 */
#pragma once

#include "tests/unit/client/foresee/world.h"

struct viewer_habits {
	double zipf;	  /* how steeply popularity falls from one of his channels to the next */
	double successor; /* share of choices that follow the channel left: the news, the other news
			   */
};
#define VIEWER_ORDINARY ((struct viewer_habits){1.2, 0.4})
#define VIEWER_ERRATIC ((struct viewer_habits){0.8, 0.1})

struct viewer;
/* With habits of his own, by the seed. The world's channels are his. */
struct viewer *viewer_new(struct world *w, unsigned seed, struct viewer_habits habits);
void viewer_free(struct viewer *v);
/* Watches and zaps, so many times. */
void viewer_zap(struct viewer *v, unsigned zaps);
