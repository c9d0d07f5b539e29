import { cloudinaryCheck } from 'overseed/astro';

/** Uploads a tiny picture, fetches it back, compares it and removes it. */
export default cloudinaryCheck({ prefix: 'real-estate' });
