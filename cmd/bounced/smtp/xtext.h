/* xtext.h: the encoding of parameters that may hold any octet (RFC 3461 section 4):
 *
 *   xtext = *( xchar / hexchar )
 *   xchar = any ASCII CHAR between "!" and "~" inclusive, except for "+" and "="
 *   hexchar = "+" immediately followed by two upper case hexadecimal digits
 *
 * Lower case digits are taken too. */
#pragma once

/* The text that it encodes, the caller's (g_free); NULL if it is not of the grammar, or encodes a NUL. */
char *xtext_decode(const char *text);
