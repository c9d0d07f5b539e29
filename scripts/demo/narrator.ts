/** The demo's voice: numbered steps, each command as one would type it, and its output indented below. */

const MARGIN = '     │ ';
const TEXT_WIDTH = 80 - MARGIN.length;

export interface Step {
  readonly title: string;
  readonly seconds: number;
}

export interface Output {
  write(text: string): void;
  end(): void;
}

export class StepFailure extends Error {}
Object.defineProperty(StepFailure.prototype, 'name', { value: 'StepFailure' });

export class Narrator {
  readonly steps: Step[] = [];

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    console.log(`\n ${String(this.steps.length + 1).padStart(2)}  ${title}`);
    const result = await work();
    this.steps.push({ title, seconds: (performance.now() - startedAt) / 1000 });
    return result;
  }

  say(text: string): void {
    console.log(`     ${text}`);
  }

  command(line: string): void {
    console.log(`     $ ${line}`);
  }

  /**
   * Takes output in pieces of any size, and shows it line by line, without the lines that pnpm puts above it.
   * @param isTelling which lines to show; the others are counted
   */
  openOutput(isTelling: (line: string) => boolean = () => true): Output {
    let rest = '';
    let lastWasBlank = true;
    let leftOut = 0;
    const show = (line: string) => {
      const isBlank = line.trim() === '';
      if (line.startsWith('> ') || (isBlank && lastWasBlank)) return;
      if (!isTelling(line)) {
        leftOut++;
        return;
      }
      lastWasBlank = isBlank;
      for (const part of wrap(line)) console.log(`${MARGIN}${part}`.trimEnd());
    };
    return {
      write(text) {
        const lines = (rest + text).split(/\r?\n/);
        rest = lines.pop() ?? '';
        lines.forEach(show);
      },
      end() {
        if (rest !== '') show(rest);
        if (leftOut > 0) console.log(`${MARGIN}(${leftOut} more lines)`);
      },
    };
  }
}

/**
 * Breaks between words where it can; what follows is indented a little more than the line. Without this a terminal would
 * break lines itself, across the margin.
 */
function wrap(line: string): string[] {
  const hanging = `${/^ */.exec(line)?.[0] ?? ''}  `;
  const parts: string[] = [];
  let rest = line;
  while (rest.length > TEXT_WIDTH) {
    const space = rest.lastIndexOf(' ', TEXT_WIDTH);
    const end = space > TEXT_WIDTH / 2 ? space : TEXT_WIDTH;
    parts.push(rest.slice(0, end));
    rest = hanging + rest.slice(end).trimStart();
  }
  return [...parts, rest];
}
