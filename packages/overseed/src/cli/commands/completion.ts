import { OverseedError } from '../../model/error.ts';
import { defineCommand } from '../command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completion = defineCommand({
  name: 'completion',
  usage: SHELLS.join('|'),
  summary: 'print completion for a shell',
  flags: {},
  positionals: { min: 1, max: 1 },
  examples: [
    ['source <(overseed completion bash)', 'in ~/.bashrc'],
    ['overseed completion fish > ~/.config/fish/completions/overseed.fish', 'once'],
  ],
  async run({ positionals: [given], commands }) {
    const shell = SHELLS.find((name) => name === given);
    if (shell === undefined) {
      throw new OverseedError('BAD_FLAG', {
        what: `"${given}" is not one of ${SHELLS.join(', ')}.`,
        state: 'not-contacted',
        next: `Usage: overseed completion ${SHELLS.join('|')}`,
      });
    }
    const { completionScript } = await import('../completion/scripts.ts');
    process.stdout.write(completionScript(shell, commands));
    return 0;
  },
});
