/** Every schema of the zoo on a file, whatever way the rows take. */
import { describe } from 'vitest';
import { describeZoo } from './journey.ts';

describe('on a file', () => describeZoo('file'));
describe('on a file, by staged changes', () => describeZoo('file', 'delta'));
describe('on a file, by whole tables', () => describeZoo('file', 'swap'));
describe('on a file, by whole tables with indexes', () => describeZoo('file', 'swap-indexed'));
describe('on a file, by whole tables with growing indexes', () => describeZoo('file', 'swap-gradual'));
