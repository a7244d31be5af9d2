import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, ratios, spread } from './statistics.mjs';

test('the median is the middle one, or the mean of the two in the middle', () => {
  assert.equal(median([5, 1, 100]), 5);
  assert.equal(median([4, 1, 100, 2]), 3);
  assert.ok(Number.isNaN(median([])));
});

test('ratios are taken round by round', () => {
  assert.deepEqual(ratios([10, 40], [5, 10]), [2, 4]);
});

test('a round that failed leaves no ratio and no spread', () => {
  assert.deepEqual(ratios([10, NaN, 6], [5, 5, 3]), [2, 2]);
  assert.equal(spread([NaN]), '–');
});

test('a spread names the least and the most', () => {
  assert.equal(spread([12.34, 11.9, 13], 1), '12.3 (11.9–13.0)');
});
