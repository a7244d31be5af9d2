// Medians and spreads. Of five rounds nothing finer can be said.

export function median(values) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Round by round, so that what slowed a whole round down drops out.
export function ratios(values, to) {
  return values.map((value, round) => value / to[round]).filter(Number.isFinite);
}

export function number(value, digits = 0) {
  if (!Number.isFinite(value)) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// "12.3 (11.9–13.0)": the median, the least and the most.
export function spread(values, digits = 0) {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return '–';
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return `${number(median(known), digits)} (${number(least, digits)}–${number(most, digits)})`;
}
