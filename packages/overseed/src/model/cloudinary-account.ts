/** Which Cloudinary, and how to say who we are. HTTP Basic: no signature that could grow stale in a queue. */
export interface CloudinaryAccount {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** `https://api.cloudinary.com`, a regional host, or a local stand-in. */
  readonly apiBase: string;
  /** `https://res.cloudinary.com`, or a local stand-in. */
  readonly deliveryBase: string;
}
