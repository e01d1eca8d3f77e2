/*
 * doctor/findings: what the facts mean for zapping, and what to do about it. Pure: each judge looks
 * at its part of the facts and adds what it finds.
 */
#pragma once

#include "client/doctor/facts.h"

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARNING, /* slows zapping, or a part of it does not work */
	DOCTOR_ERROR,	/* stops zapping */
};

struct doctor_finding {
	enum doctor_level level;
	const char *topic; /* a stable word for scripts: "interface", "membership", ... */
	char *sentence;	   /* without the full stop */
	char *remedy;	   /* NULL where nothing is to be done */
};

/* All of them in the order of the topics; free with g_ptr_array_unref(). */
GPtrArray *doctor_findings(const struct doctor_facts *facts);

const char *doctor_level_name(enum doctor_level level); /* "ok", "warning", "error" */
/* The worst level of the list. */
enum doctor_level doctor_worst(const GPtrArray *findings);
