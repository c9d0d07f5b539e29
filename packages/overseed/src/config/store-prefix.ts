import { OverseedError } from '../model/error.ts';

/** What some store would change, refuse, or take for something else. */
const REFUSED = /[?&#\\%<>+\p{C}]/u;

/**
 * The folder in the store that a project's files go to: as given, without slashes at its ends.
 * @throws CONFIG_INVALID when some store would make something else of it
 */
export function parseStorePrefix(text: string): string {
  const prefix = text.replace(/^\/+|\/+$/g, '');
  if (prefix === '') return '';
  const bad = prefix.split('/').find((part) => ['', '.', '..'].includes(part) || part !== part.trim());
  const character = REFUSED.exec(prefix)?.[0];
  if (bad === undefined && character === undefined) return prefix;
  throw new OverseedError('CONFIG_INVALID', {
    what: `The prefix of the asset store, ${JSON.stringify(text)}, ${character === undefined ? 'has a part that names no folder' : `holds ${JSON.stringify(character)}`}.`,
    state: 'not-contacted',
    next: 'Use letters, digits, - and _, with / between folders, for example "real-estate".',
  });
}

/** Path elements that Cloudinary reads in a way of its own: versions, and two names that it keeps for itself. */
const RESERVED = /^(?:v\d+|images|videos)$/;
/** With the name that follows, a public ID stays below 255 characters. */
const MOST_CHARACTERS = 150;

/** @throws CONFIG_INVALID when Cloudinary would not take it, or take it for something else */
export function parseCloudinaryPrefix(text: string): string {
  const prefix = parseStorePrefix(text);
  const reserved = prefix.split('/').find((part) => RESERVED.test(part));
  if (reserved === undefined && prefix.length <= MOST_CHARACTERS) return prefix;
  throw new OverseedError('CONFIG_INVALID', {
    what: `The prefix of the asset store, ${JSON.stringify(text)}, ${reserved === undefined ? `is longer than ${MOST_CHARACTERS} characters` : `has the part "${reserved}", which means something else in Cloudinary's URLs`}.`,
    state: 'not-contacted',
    next: 'Choose another one, for example "real-estate".',
  });
}
