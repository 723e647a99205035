// Schedules as people may write them.
import fc from 'fast-check';

/** Makes one field: a star, a step, numbers, ranges. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: 12 });
  return fc.oneof(
    fc.constant('*'),
    number.map(String),
    range,
    step.map(every => `*/${every}`),
    fc.tuple(range, step).map(([of, every]) => `${of}/${every}`),
    fc.array(fc.oneof(number.map(String), range), { minLength: 2, maxLength: 4 }).map(list => list.join(',')),
  );
}

/** Makes schedules that restrict days of the month, or weekdays, and never both. */
export function schedules(): fc.Arbitrary<string> {
  const time = fc.tuple(field(0, 59), field(0, 23));
  const day = fc.oneof(
    field(1, 31).map(days => [days, '*'] as const),
    field(0, 7).map(weekdays => ['*', weekdays] as const),
  );
  return fc
    .tuple(time, day, field(1, 12))
    .map(([[minute, hour], [days, weekdays], month]) => `${minute} ${hour} ${days} ${month} ${weekdays}`);
}
