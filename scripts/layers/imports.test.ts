import { expect, test } from 'vitest';
import { importsOf } from './imports.ts';

const cases: [name: string, source: string, expected: string[]][] = [
  ['a static import', "import { a } from './a.ts';", ['./a.ts']],
  ['an import over several lines', "import {\n  a,\n  type B,\n} from './a.ts';", ['./a.ts']],
  ['a namespace import', 'import * as a from "./a.ts";', ['./a.ts']],
  ['a type-only import', "import type { A } from './a.ts';", ['./a.ts']],
  ['a re-export', "export { a } from './a.ts';\nexport * from './b.ts';", ['./a.ts', './b.ts']],
  ['a type-only re-export', "export type { A } from './a.ts';", ['./a.ts']],
  ['a side effect', "import './a.ts';", ['./a.ts']],
  ['a dynamic import', "const a = await import('./a.ts');", ['./a.ts']],
  ['a dynamic import over lines', "const a = await import(\n  /* why */ './a.ts'\n);", ['./a.ts']],
  ['a type written as an import', "let a: import('./a.ts').A;", ['./a.ts']],
  ['a template without holes', 'await import(`./a.ts`);', ['./a.ts']],
  ['the same file twice', "import './a.ts';\nimport { a } from './a.ts';", ['./a.ts']],
  ['an import in a line comment', "// import './a.ts';", []],
  ['an import in a block comment', "/* import './a.ts'; */", []],
  ['an import in a string', `const text = "import './a.ts'";`, []],
  ['an import in a template', "const text = `import './a.ts'`;", []],
  ['a comment sign in a string', "const url = 'http://x'; import './a.ts';", ['./a.ts']],
  ['a quote in a comment', "// don't\nimport './a.ts'; // isn't", ['./a.ts']],
  ['a quote in a regular expression', "const quote = /['\"`]/g;\nimport './a.ts';", ['./a.ts']],
  ['a regular expression with slashes', "text.replace(/\\/\\/[/']+/g, '');\nimport './a.ts';", ['./a.ts']],
  [
    'a division between strings',
    "const half = 'a'.length / 2; const b = c / 'b'.length; import './a.ts';",
    ['./a.ts'],
  ],
  ['a method called from', "Array.from('./a.ts');", []],
];

for (const [name, source, expected] of cases) {
  test(`finds what is there: ${name}`, () => {
    expect(importsOf(source)).toEqual(expected);
  });
}
