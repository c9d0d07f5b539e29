import { environmentCheck } from 'overseed/astro';

/** Names every variable that is missing or malformed, at once. */
export default environmentCheck({ database: true, cloudinary: true });
