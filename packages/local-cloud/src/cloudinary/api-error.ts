/** A refusal as Cloudinary words it: `{"error":{"message"}}` with this status. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** For what Cloudinary can do and this emulator cannot: better a clear refusal than a made-up answer. */
export const notEmulated = (what: string) => new ApiError(400, `local-cloud does not emulate ${what}`);
