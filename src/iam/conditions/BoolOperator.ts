import type { Comparison } from './ConditionOperator';

/** The same truth value. Anything but `true` and `false`, in whatever letter case, matches nothing. */
export const bool: Comparison = (found, wanted) => {
  const value = found.toLowerCase();
  return (value === 'true' || value === 'false') && value === wanted.text.toLowerCase();
};
