/** Most characters of a prefix: with the name that follows, a public ID stays below 255, Cloudinary's limit. */
const LENGTH = 150;
/** Path elements that mean something else in Cloudinary's URLs, or in any URL. */
const RESERVED = /^(?:images|videos|v\d+|\.{1,2}|)$/;

/** What is wrong with what is put in front of public IDs, as a sentence part; undefined when nothing is. */
export function complaintAboutPrefix(prefix: string): string | undefined {
  if (prefix === '') return undefined;
  if (prefix.length > LENGTH) return `is longer than ${LENGTH} characters`;
  if (!/^[A-Za-z0-9/._-]+$/.test(prefix))
    return 'may hold letters of the English alphabet, digits, and . _ - / only';
  const reserved = prefix.split('/').find((element) => RESERVED.test(element));
  if (reserved === undefined) return undefined;
  return reserved === ''
    ? 'has an empty element beside one of its slashes'
    : `has the element "${reserved}", which means something else in a URL`;
}
