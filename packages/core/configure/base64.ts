/** Base64 (RFC 4648) of byte strings: each character stands for one byte, 0 to 255. Plans are JSON and core has no Buffer. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: string): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = [0, 1, 2].map((index) => bytes.charCodeAt(at + index) || 0);
    const word = (a << 16) | (b << 8) | c;
    const present = Math.min(3, bytes.length - at);
    for (let digit = 0; digit < 4; digit += 1) {
      out += digit <= present ? alphabet.charAt((word >> (18 - 6 * digit)) & 63) : '=';
    }
  }
  return out;
}

/** Characters that are no Base64 end it. */
export function fromBase64(encoded: string): string {
  let out = '';
  let word = 0;
  let bits = 0;
  for (const character of encoded) {
    const value = alphabet.indexOf(character);
    if (value < 0) break;
    word = (word << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += String.fromCharCode((word >> bits) & 255);
      word &= (1 << bits) - 1;
    }
  }
  return out;
}

/** Text as the bytes of its UTF-8 form, one character each; a lone surrogate is U+FFFD. */
export function utf8Bytes(text: string): string {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return encodeURIComponent(whole).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Text from the bytes of its UTF-8 form; what is none stays byte by byte. */
export function utf8Text(bytes: string): string {
  try {
    return decodeURIComponent(
      bytes.replace(/[\s\S]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
  } catch {
    return bytes;
  }
}
