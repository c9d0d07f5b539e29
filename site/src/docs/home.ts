/** What the first page has beside the list of pages. */
export function homePage(base: string) {
  return {
    title: 'Overseed',
    template: 'splash',
    hero: {
      title: 'Your database, exactly as your repository says',
      tagline:
        'Overseed makes a remote libSQL or Turso database, and the images its rows point to, equal to one source of truth. All or nothing, proved afterwards, undoable.',
      image: {
        html: `<img src="${base}pictures/demo.png" width="1590" height="1098" alt="On the left a terminal: 60 properties and 180 images are pushed, and found equal. On the right the site that shows them.">`,
      },
      actions: [
        { text: 'Get started', link: `${base}getting-started/`, icon: 'right-arrow', variant: 'primary' },
        { text: 'How it works', link: `${base}how-it-works/`, variant: 'minimal' },
      ],
    },
  };
}
