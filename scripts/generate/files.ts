/** Files that follow from the source, and how. */
import { COMMANDS } from '../../packages/overseed/src/cli/commands/index.ts';
import { configShape } from '../../packages/overseed/src/config/config-shape.ts';
import { configJsonSchema } from '../../packages/overseed/src/config/json-schema.ts';
import { commandReference } from './command-reference.ts';
import { configReference } from './config-reference.ts';

export interface GeneratedFile {
  readonly name: string;
  /** The whole file, given what it holds now. */
  render(before: string): string;
}

const BEGIN = '<!-- generated: do not edit below -->';
const END = '<!-- end of what is generated -->';

export const generatedFiles: readonly GeneratedFile[] = [
  { name: 'docs/commands.md', render: between(() => commandReference(COMMANDS)) },
  { name: 'docs/configuration.md', render: between(() => configReference(configShape)) },
  {
    name: 'packages/overseed/config.schema.json',
    render: () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  },
];

/** Only what stands between the two marks is generated. */
function between(render: () => string): (before: string) => string {
  return (before) => {
    const begin = before.indexOf(BEGIN);
    const end = before.indexOf(END);
    if (begin < 0 || end < begin) throw new Error(`The marks "${BEGIN}" and "${END}" are missing.`);
    return `${before.slice(0, begin)}${BEGIN}\n\n${render()}\n${before.slice(end)}`;
  };
}
