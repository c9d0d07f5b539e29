import { existsSync, readdirSync } from 'node:fs';

/** The documents of a folder, by name. */
function pagesIn(folder) {
  const place = new URL(`../../docs/${folder}/`, import.meta.url);
  if (!existsSync(place)) return [];
  const names = readdirSync(place).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => `${folder}/${name.replace(/\.md$/, '')}`);
}

/** What is in the margin, in the order of reading. A page of `docs/` that is missing here fails the tests. */
export const sidebar = [
  { label: 'Begin', items: ['getting-started', 'how-it-works', 'astro-db'] },
  { label: 'Guides', items: ['sources', 'assets', 'stores', ...pagesIn('guides')] },
  {
    label: 'Recipes',
    items: [
      { slug: 'recipes', label: 'GitHub Actions' },
      'recipes/plan-on-a-pull-request',
      'recipes/push-on-merge',
      'recipes/staging-at-night',
    ],
  },
  { label: 'Reference', items: ['commands', 'configuration', 'errors', 'formats'] },
  {
    label: 'Behind it',
    items: ['benchmarks', { label: 'Decisions', collapsed: true, items: pagesIn('decisions') }],
  },
];
