// An expression that a test evaluates in the browser: what a page looks like, as data. `references`: every address that the page names and that is neither a link nor a part of it.
(() => {
  const root = document.documentElement;
  const all = [...document.querySelectorAll('*')];
  const body = [...document.body.querySelectorAll('*')];
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''}`;
  const inScroller = (element) => {
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement)
      if (one.localName === 'svg' || getComputedStyle(one).overflowX !== 'visible') return true;
    return false;
  };
  const isShown = (element) => element.getClientRects().length > 0;
  const wide = body
    .filter((one) => isShown(one) && one.getBoundingClientRect().right > root.clientWidth + 0.5 && !inScroller(one))
    .map(name);
  const clipped = body
    .filter((one) => /hidden|clip/.test(getComputedStyle(one).overflowX))
    .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
    .map(name);
  let text = { pixels: Infinity, at: '' };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || /^(style|script|title|desc)$/.test(element.localName) || !isShown(element))
      continue;
    const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : undefined;
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    const pixels = Math.round(parseFloat(getComputedStyle(element).fontSize) * scale * 10) / 10;
    if (pixels < text.pixels) text = { pixels, at: name(element) };
  }
  // The texts of a drawing that stand over the side of their box, or over another text.
  const labels = [...document.querySelectorAll('svg')].flatMap((svg) => {
    const boxes = [...svg.querySelectorAll('rect')].map((one) => one.getBoundingClientRect());
    const texts = [...svg.querySelectorAll('text')].filter(isShown).map((one) => [one, one.getBoundingClientRect()]);
    const inside = (at, box) => at.top >= box.top - 1 && at.bottom <= box.bottom + 1 && at.left >= box.left - 1;
    const over = texts.filter(([, at]) =>
      boxes.some((box) => inside(at, box) && at.left < box.right && at.right > box.right + 1),
    );
    const meets = (one, other) =>
      one.left < other.right - 1 &&
      other.left < one.right - 1 &&
      one.top < other.bottom - 3 &&
      other.top < one.bottom - 3;
    const near = texts.filter(([, at], index) =>
      texts.slice(index + 1, index + 4).some(([, other]) => meets(at, other)),
    );
    return [...over, ...near].map(([one]) => one.textContent);
  });
  const attributes = [
    'src',
    'srcset',
    'href',
    'xlink:href',
    'poster',
    'data',
    'action',
    'formaction',
    'background',
    'ping',
    'cite',
    'manifest',
  ];
  const references = all
    .flatMap((one) => attributes.filter((key) => one.hasAttribute(key)).map((key) => [one, key, one.getAttribute(key)]))
    .filter(([one, key, value]) => !(one.localName === 'a' && key === 'href') && !/^(#|data:)/.test(value.trim()))
    .map(([one, key, value]) => `${name(one)} ${key}=${value}`);
  const css = all
    .filter((one) => one.localName === 'style')
    .map((one) => one.textContent)
    .concat(all.map((one) => one.getAttribute('style') ?? ''))
    .join('\n');
  references.push(
    ...[...css.matchAll(/@import[^;]*|url\(\s*["']?(?!#|data:)[^)]*/gi)].map(([match]) => `css ${match}`),
  );
  const active = all
    .flatMap((one) =>
      [...one.attributes].filter(({ name: key }) => /^on/i.test(key)).map(({ name: key }) => `${name(one)} ${key}`),
    )
    .concat(
      all
        .filter(
          (one) =>
            one.localName === 'script' ||
            (one.localName === 'meta' && /refresh/i.test(one.httpEquiv)) ||
            /^\s*javascript:/i.test(one.getAttribute('href') ?? ''),
        )
        .map(name),
    );
  const ids = all.map(({ id }) => id).filter(Boolean);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  const dead = [...document.querySelectorAll('a[href^="#"]')]
    .map((one) => decodeURIComponent(one.getAttribute('href').slice(1)))
    .filter((id) => !document.getElementById(id));
  return {
    overflow: root.scrollWidth - root.clientWidth,
    wide,
    clipped,
    text,
    labels,
    references,
    active,
    twice,
    dead,
  };
})();
