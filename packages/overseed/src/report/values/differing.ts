/** Where two texts differ: people see the piece that is new, and a little around it, also in five million characters. */

/** What is left around a difference, in characters. */
const AROUND = 40;
/** What is shown of the difference itself. */
const DIFFERENT = 180;
/** Texts without a marked piece that are no longer than this are shown whole; with one, up to half of it. */
const WHOLE = 120;
/** Marking a piece is of no use where nearly everything is new. */
const COMMON_SHARE = 0.3;

export type Parts = readonly [before: string, different: string, after: string];

/** @returns both, each cut to some 300 characters at most */
export function differingParts(first: string, second: string): readonly [Parts, Parts] {
  const { start, end } = commonEnds(first, second);
  const longest = Math.max(first.length, second.length);
  const isMarked = longest > 0 && (start + end) / longest >= COMMON_SHARE;
  const cut = (text: string): Parts => {
    if (!isMarked && text.length <= WHOLE) return ['', text, ''];
    const around = longest <= WHOLE / 2 ? WHOLE : AROUND;
    const head = text.slice(0, start);
    const tail = end === 0 ? '' : text.slice(-end);
    return [
      head.length > around ? `…${head.slice(-around)}` : head,
      middleCut(text.slice(start, text.length - end)),
      tail.length > around ? `${tail.slice(0, around)}…` : tail,
    ];
  };
  return [cut(first), cut(second)];
}

/** A window of both around the first difference, for what is too slow with the whole. */
export function aroundDifference(first: string, second: string, length: number): readonly [string, string] {
  const { start } = commonEnds(first, second);
  const from = Math.max(0, start - Math.floor(length / 2));
  const cut = (text: string) =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + length)}${text.length > from + length ? '…' : ''}`;
  return [cut(first), cut(second)];
}

/** Lengths of the common beginning and of the common end; they do not overlap, and split no character. */
function commonEnds(first: string, second: string): { start: number; end: number } {
  const shorter = Math.min(first.length, second.length);
  let start = 0;
  while (start < shorter && first.charCodeAt(start) === second.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(first.charCodeAt(start - 1))) start--;
  let end = 0;
  while (
    end < shorter - start &&
    first.charCodeAt(first.length - 1 - end) === second.charCodeAt(second.length - 1 - end)
  )
    end++;
  if (end > 0 && isLowSurrogate(first.charCodeAt(first.length - end))) end--;
  return { start, end };
}

function middleCut(text: string): string {
  if (text.length <= DIFFERENT) return text;
  return `${text.slice(0, (DIFFERENT * 3) / 4)}…${text.slice(-DIFFERENT / 4)}`;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
