import { defineCommand } from '../command.ts';

export const dev = defineCommand({
  name: 'dev',
  usage: '',
  summary: 'start a Turso and a Cloudinary on this machine',
  details: [
    'The real libSQL server and an emulator of Cloudinary, until Ctrl-C. Needs the package local-cloud.',
  ],
  flags: {
    'write-env': { type: 'text', value: 'FILE', help: 'write the environment there instead of showing it' },
    data: { type: 'text', value: 'FOLDER', help: 'keep data, ports and keys there; else all is thrown away' },
  },
  positionals: { min: 0, max: 0 },
  examples: [['overseed dev --write-env .env.dev', 'then `overseed push dev` in another terminal']],
  run: async (call) => (await import('../work/dev.ts')).dev(call),
});
