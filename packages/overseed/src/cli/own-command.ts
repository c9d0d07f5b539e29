/** How a user starts this program again: by the package manager that started it now. */
export function ownCommand(userAgent: string | undefined = process.env.npm_config_user_agent): string {
  const manager = /^(pnpm|yarn|bun)\//.exec(userAgent ?? '')?.[1];
  return manager ? `${manager} overseed` : 'npx overseed';
}
