/** The file cannot be used; the message completes the sentence "<path> …". */
export class UnusableFile extends Error {}
