#include "ui/terminal.h"

#include <linux/input-event-codes.h>
#include <string.h>

/* Longer than any sequence a terminal sends for a key: what grows beyond it is noise. */
#define MAX_SEQUENCE_BYTES 24

static uint16_t letter_code(uint8_t letter)
{
	/* Codes follow the rows of a keyboard. */
	static const uint16_t codes[] = {KEY_A, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G, KEY_H,
		KEY_I, KEY_J, KEY_K, KEY_L, KEY_M, KEY_N, KEY_O, KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T,
		KEY_U, KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z};

	return codes[letter - 'a'];
}

static uint16_t ascii_code(uint8_t c)
{
	if (c >= '1' && c <= '9')
		return (uint16_t)(KEY_1 + (c - '1'));
	if (c >= 'a' && c <= 'z')
		return letter_code(c);
	if (c >= 'A' && c <= 'Z')
		return letter_code((uint8_t)(c - 'A' + 'a'));
	switch (c) {
	case '0':
		return KEY_0;
	case '.':
		return KEY_DOT;
	case ',':
		return KEY_COMMA;
	case '-':
		return KEY_MINUS;
	case '+':
	case '=':
		return KEY_EQUAL;
	case '\r':
	case '\n':
		return KEY_ENTER;
	case '\b':
	case 0x7f:
		return KEY_BACKSPACE;
	default:
		return 0;
	}
}

/* The letter that ends "ESC [ A" and "ESC O A" alike. */
static uint16_t final_code(uint8_t final)
{
	switch (final) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	case 'P':
		return KEY_F1;
	case 'Q':
		return KEY_F2;
	case 'R':
		return KEY_F3;
	case 'S':
		return KEY_F4;
	default:
		return 0;
	}
}

/* "ESC [ 5 ~": xterm's numbers, which the Linux console shares. */
static uint16_t tilde_code(unsigned int number)
{
	switch (number) {
	case 1:
	case 7:
		return KEY_HOME;
	case 4:
	case 8:
		return KEY_END;
	case 5:
		return KEY_PAGEUP;
	case 6:
		return KEY_PAGEDOWN;
	case 11:
	case 12:
	case 13:
	case 14:
	case 15:
		return (uint16_t)(KEY_F1 + (number - 11));
	case 17:
	case 18:
	case 19:
	case 20:
	case 21:
		return (uint16_t)(KEY_F6 + (number - 17));
	case 23:
	case 24:
		return (uint16_t)(KEY_F11 + (number - 23));
	default:
		return 0;
	}
}

/* The numeric keypad in application mode: "ESC O p" is its 0. */
static uint16_t keypad_code(uint8_t final)
{
	static const uint16_t digits[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5,
		KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};

	if (final >= 'p' && final <= 'y')
		return digits[final - 'p'];
	if (final == 'M')
		return KEY_KPENTER;
	if (final == 'n')
		return KEY_KPDOT;
	return final_code(final);
}

/* bytes[2..] of "ESC [ parameters intermediates final" (ECMA-48, 5.4). */
static size_t decode_csi(const uint8_t *bytes, size_t len, uint16_t *ret_code)
{
	unsigned int number = 0;
	size_t at = 2;

	if (len > 2 && bytes[2] == '[') { /* the Linux console's F1 to F5: "ESC [ [ A" */
		if (len > 3 && bytes[3] >= 'A' && bytes[3] <= 'E')
			*ret_code = (uint16_t)(KEY_F1 + (bytes[3] - 'A'));
		return len > 3 ? 4 : 0;
	}
	for (; at < len && bytes[at] >= '0' && bytes[at] <= '9' && number < 1000; at++)
		number = number * 10 + (bytes[at] - '0');
	while (at < len && bytes[at] >= 0x20 && bytes[at] < 0x40) /* modifiers: "ESC [ 1 ; 5 A" */
		at++;
	if (at > MAX_SEQUENCE_BYTES)
		return at;
	if (at == len)
		return 0;
	if (bytes[at] < 0x40 || bytes[at] > 0x7e) /* broken off by a byte that begins anew */
		return at;
	*ret_code = bytes[at] == '~' ? tilde_code(number) : final_code(bytes[at]);
	return at + 1;
}

static size_t decode_escape(const uint8_t *bytes, size_t len, uint16_t *ret_code)
{
	if (len == 1)
		return 0;
	if (bytes[1] == '[')
		return decode_csi(bytes, len, ret_code);
	if (bytes[1] == 'O') {
		if (len > 2)
			*ret_code = keypad_code(bytes[2]);
		return len > 2 ? 3 : 0;
	}
	*ret_code = KEY_ESC;
	return 1;
}

/* How many bytes the UTF-8 character that begins with `first` has; 1 for what begins none. */
static size_t character_bytes(uint8_t first)
{
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	if (first >= 0xf0 && first < 0xf5)
		return 4;
	return 1;
}

size_t ui_terminal_decode(const uint8_t *bytes, size_t len, uint16_t *ret_code)
{
	*ret_code = 0;
	if (len == 0)
		return 0;
	if (bytes[0] == 0x1b)
		return decode_escape(bytes, len, ret_code);
	size_t need = character_bytes(bytes[0]);
	for (size_t i = 1; i < need; i++) {
		if (i == len)
			return 0;
		if ((bytes[i] & 0xc0) != 0x80)
			return i;
	}
	*ret_code = ascii_code(bytes[0]);
	return need;
}
