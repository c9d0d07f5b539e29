import { describe, expect, test } from 'vitest';
import { areInStep } from './search-triggers.ts';

const put = (cells = 'new.id, new.title, new.body') =>
  `INSERT INTO search(rowid, title, body) VALUES (${cells});`;
const take = `INSERT INTO search(search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);`;
const inserted = `CREATE TRIGGER i AFTER INSERT ON post BEGIN ${put()} END`;
const deleted = `CREATE TRIGGER d AFTER DELETE ON post BEGIN ${take} END`;
const updated = `CREATE TRIGGER u AFTER UPDATE ON post BEGIN ${take} ${put()} END`;
const isRowid = (column: string) => column === 'id';
const SEARCH = { name: 'search', columns: ['title', 'body'], isRowid };

describe('triggers that keep a search index in step', () => {
  test('as the documentation of SQLite has them', () => {
    expect(areInStep([inserted, deleted, updated], SEARCH)).toBe(true);
  });

  test('names in quotes and in other cases, and other work beside', () => {
    const own = [
      'CREATE TRIGGER i AFTER INSERT ON p BEGIN UPDATE n SET c=c+1; insert into "Find ""it"("a b", RowId) values (new.[a b], new.id); END',
      'CREATE TRIGGER d BEFORE DELETE ON p BEGIN INSERT INTO `Find "it`(`Find "it`, rowid, "a b") VALUES (\'delete\', old.id, old."a b"); END',
      'CREATE TRIGGER u AFTER UPDATE ON p BEGIN INSERT INTO [Find "it]([Find "it], rowid, "A B") VALUES (\'delete\', old.id, old."a b"); INSERT INTO "find ""it"(rowid, "a b") VALUES (new.id, new."a b"); END',
    ];
    expect(areInStep(own, { name: 'Find "it', columns: ['a b'], isRowid })).toBe(true);
  });

  test.each<[why: string, triggers: string[]]>([
    ['an event is missing', [inserted, deleted]],
    ['two do it twice', [inserted, inserted, deleted, updated]],
    [
      'one has a condition',
      [inserted, deleted, updated.replace('ON post', 'ON post WHEN new.body IS NOT NULL')],
    ],
    ['one looks at single columns', [inserted, deleted, updated.replace('UPDATE ON', 'UPDATE OF title ON')]],
    [
      'a word is changed on its way',
      [inserted.replace('new.body', "coalesce(new.body, '')"), deleted, updated],
    ],
    [
      'words change places',
      [inserted.replace('new.title, new.body', 'new.body, new.title'), deleted, updated],
    ],
    ['another column gives the rowid', [inserted.replace('new.id', 'new.number'), deleted, updated]],
    ['a column is left out', [inserted.replace(', body)', ')').replace(', new.body', ''), deleted, updated]],
    [
      'a row is made by a question',
      [inserted.replace(/VALUES.*;/, 'SELECT id, title, body FROM post;'), deleted, updated],
    ],
    ['what is taken out is not what was there', [inserted, deleted, updated.replace('old.body', 'new.body')]],
    [
      'an update puts in before it takes out',
      [inserted, deleted, `CREATE TRIGGER u AFTER UPDATE ON post BEGIN ${put()} ${take} END`],
    ],
    [
      'all is begun anew',
      [inserted, deleted, updated.replace(take, "INSERT INTO search(search) VALUES ('rebuild');")],
    ],
  ])('not when %s', (_, triggers) => {
    expect(areInStep(triggers, SEARCH)).toBe(false);
  });
});
