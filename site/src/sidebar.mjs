/** What is in the margin, in the order of reading. A page of `docs/` that is missing here fails the tests. */
export const sidebar = [
  { label: 'Begin', items: ['getting-started', 'how-it-works', 'astro-db'] },
  { label: 'Guides', items: ['sources', 'assets', 'stores'] },
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
    items: ['benchmarks', { label: 'Decisions', collapsed: true, items: [{ autogenerate: { directory: 'decisions' } }] }],
  },
];
