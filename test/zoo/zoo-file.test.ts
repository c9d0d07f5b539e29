/** Every schema of the zoo on a file, whatever way the rows take. */
import { describe } from 'vitest';
import { describeZoo } from './journey.ts';
import { fileTarget } from './zoo-target.ts';

describe('on a file', () => describeZoo(fileTarget));
describe('on a file, by staged changes', () => describeZoo(fileTarget, 'delta'));
describe('on a file, by whole tables', () => describeZoo(fileTarget, 'swap'));
