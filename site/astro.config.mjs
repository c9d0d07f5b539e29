import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { sidebar } from './src/sidebar.mjs';

/** Where the site is served, if not at the root of a host: for example /overseed on GitHub Pages. */
const base = process.env.SITE_BASE ?? '/';

export default defineConfig({
  base,
  trailingSlash: 'always',
  // The pages are those of `docs/`; nothing here is fetched from elsewhere, fonts included.
  telemetry: false,
  integrations: [
    starlight({
      title: 'Overseed',
      description:
        'Makes a remote libSQL or Turso database, and the images its rows point to, exactly equal to your repository.',
      logo: { src: './src/assets/mark.svg' },
      favicon: '/favicon.svg',
      customCss: ['./src/styles/site.css'],
      sidebar,
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
      markdown: { processedDirs: ['../docs'] },
      pagination: true,
      lastUpdated: false,
      credits: false,
      expressiveCode: {
        themes: ['github-dark', 'github-light'],
        styleOverrides: { borderRadius: '0.5rem', frames: { frameBoxShadowCssValue: 'none' } },
      },
    }),
  ],
});
