/** Completion of commands and flags, for three shells, from the very definitions that the parser uses. */
import type { Command } from '../command.ts';
import { type Flag, GLOBAL_FLAGS } from '../flags.ts';

type Commands = readonly Command[];

export function completionScript(shell: 'bash' | 'zsh' | 'fish', commands: Commands): string {
  return { bash, zsh, fish }[shell](commands);
}

function flagsOf({ flags }: Command): [string, Flag][] {
  return Object.entries({ ...flags, ...GLOBAL_FLAGS });
}

function bash(commands: Commands): string {
  const cases = commands.map(
    (command) =>
      `    ${command.name}) words="${flagsOf(command)
        .map(([name]) => `--${name}`)
        .join(' ')}" ;;`,
  );
  const choices = new Map(
    commands
      .flatMap(flagsOf)
      .flatMap(([name, { choices: values }]) => (values ? [[name, values.join(' ')]] : [])),
  );
  const values = [...choices].map(([name, words]) => `    --${name}) words="${words}" ;;`);
  return `_overseed() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "$previous" in
${values.join('\n')}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _overseed overseed
`;
}

function zsh(commands: Commands): string {
  const quote = (text: string) =>
    text.replaceAll("'", "'\\''").replaceAll(':', '\\:').replaceAll('[', '\\[').replaceAll(']', '\\]');
  const list = commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`).join('\n');
  const cases = commands.map((command) => {
    const flags = flagsOf(command).map(([name, { help, value, choices }]) => {
      const rest = choices ? `:${value}:(${choices.join(' ')})` : value ? `:${value}:_files` : '';
      return `        '--${name}[${quote(help)}]${rest}'`;
    });
    return `    ${command.name})\n      _arguments -s \\\n${flags.join(' \\\n')} \\\n        '*:target:_files'\n      ;;`;
  });
  return `#compdef overseed
_overseed() {
  local -a names
  names=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _overseed overseed
`;
}

function fish(commands: Commands): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const names = commands.map(({ name }) => name).join(' ');
  const lines = commands.flatMap((command) => [
    `complete -c overseed -f -n "not __fish_seen_subcommand_from ${names}" -a ${command.name} -d ${quote(command.summary)}`,
    ...flagsOf(command).map(([name, { help, type, choices }]) => {
      const takes = type === 'boolean' ? '' : choices ? ` -x -a ${quote(choices.join(' '))}` : ' -r';
      return `complete -c overseed -n "__fish_seen_subcommand_from ${command.name}" -l ${name}${takes} -d ${quote(help)}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}
