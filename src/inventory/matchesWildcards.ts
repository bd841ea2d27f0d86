/**
 * True when a text is what a pattern stands for: `*` is any number of characters, `?` is one, everything else is itself. Takes at most as many
 * steps as the pattern's length times the text's, whatever the pattern: a pattern is the operator's text and may be hostile.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let afterStar = 0;
  while (inText < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern;
      afterStar = inText;
      inPattern += 1;
    } else if (wanted === '?' || wanted === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      // The last star takes one character more; an earlier one need not, since the last could take these as well.
      afterStar += 1;
      inText = afterStar;
      inPattern = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}
