import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StatementSplitter } from './split-statements.ts';

function split(text: string, pieceSize = text.length || 1): { sql: string; line: number }[] {
  const splitter = new StatementSplitter();
  const found: { sql: string; line: number }[] = [];
  for (let at = 0; at < text.length; at += pieceSize)
    found.push(...splitter.feed(text.slice(at, at + pieceSize)));
  const last = splitter.finish();
  return last ? [...found, last] : found;
}

const STATEMENTS = [
  'SELECT 1',
  `INSERT INTO t VALUES ('a;b', "c;d", [e;f], \`g;h\`)`,
  `INSERT INTO t VALUES ('it''s; fine')`,
  '-- a comment; with a semicolon\nSELECT 2',
  '/* one; two */ SELECT 3 /* three; */',
  'SELECT 4 - 5 / 6',
  `CREATE TRIGGER x AFTER INSERT ON t BEGIN
     INSERT INTO u VALUES (CASE WHEN new.a THEN 1 ELSE 2 END); UPDATE u SET a='end;';
   END`,
  `create temp trigger y after delete on t begin select case 1 when 1 then 2 end; end`,
];

test('statements are cut where the engine would cut them, wherever the pieces end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...STATEMENTS), { maxLength: 8 }),
      fc.constantFrom('', ' ', '\n', '\r\n', '\n-- between; \n', ';;'),
      fc.integer({ min: 1, max: 30 }),
      (statements, between, size) => {
        const text = statements.map((sql) => `${sql};${between}`).join('');
        const found = split(text, size).map(({ sql }) => sql.trim());
        expect(found).toHaveLength(statements.length);
        for (const [index, sql] of statements.entries()) expect(found[index]?.endsWith(`${sql};`)).toBe(true);
      },
    ),
  );
});

test('a statement knows the line on which it begins, and the last needs no semicolon', () => {
  expect(split('-- head\n\nSELECT 1;\nSELECT\n2;  SELECT 3').map(({ line }) => line)).toEqual([3, 4, 5]);
});

test.each(['', '\n\n', '-- only a comment', '/* only; a comment */', ';;;'])(
  '%j holds no statement',
  (text) => {
    expect(split(text)).toEqual([]);
  },
);
