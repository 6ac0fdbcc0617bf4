/* People ask in their own words, and few pages have all of them. Sphinx shows only pages that do. If they are fewer than
   three, pages with some of the words follow, best first: a word counts more in a title, and more if it is rare. */
const findPagesWithAll = Search.performTermsSearch;

Search.performTermsSearch = (words, unwanted) => {
  const exact = findPagesWithAll(words, unwanted);
  if (exact.length >= 3 || words.size < 2) return exact;
  const index = Search._index;
  const weights = new Map();
  const weigh = (pages, weight) => {
    const found = pages === undefined ? [] : [].concat(pages);
    const rarity = Math.log(1 + index.docnames.length / (1 + found.length));
    found.forEach((page) => weights.set(page, (weights.get(page) || 0) + weight * rarity));
  };
  words.forEach((word) => {
    weigh(Object.hasOwn(index.terms, word) ? index.terms[word] : undefined, 1);
    weigh(Object.hasOwn(index.titleterms, word) ? index.titleterms[word] : undefined, 2);
  });
  const known = new Set(exact.map((result) => result[0]));
  const best = [...weights].filter(([page]) => !known.has(index.docnames[page])).sort((one, other) => other[1] - one[1]);
  const top = best.length ? best[0][1] : 1;
  return exact.concat(
    best.slice(0, 10).map(([page, weight]) => [
      index.docnames[page], index.titles[page], "", null, (4 * weight) / top, index.filenames[page], "text",
    ]),
  );
};
