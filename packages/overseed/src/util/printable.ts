/** Text that may have come from anywhere, as part of a message: short, and unable to control a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�').slice(0, 200);
}
