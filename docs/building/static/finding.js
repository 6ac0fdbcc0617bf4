/* People ask in their own words, and no page has all of them. Sphinx shows only pages that do, long ones above all.
   Here each page that has some of the words is ranked: a word counts more if it is rare, and more in a title; and a long
   page, which has nearly every word, counts less. A single word is found as Sphinx finds it. */
const IN_TITLE = 3;
const MOST = 20;
const findPagesWithAll = Search.performTermsSearch;

const listPages = (index, word) => (Object.hasOwn(index, word) ? [].concat(index[word]) : []);

const countWords = (index) => {
  const counts = new Array(index.docnames.length).fill(1);
  Object.values(index.terms).forEach((pages) => [].concat(pages).forEach((page) => (counts[page] += 1)));
  return counts;
};

Search.performTermsSearch = (words, unwanted) => {
  if (words.size < 2 || unwanted.size) return findPagesWithAll(words, unwanted);
  const index = Search._index;
  const counts = countWords(index);
  const usual = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const found = new Map();
  words.forEach((word) => {
    const inText = listPages(index.terms, word);
    const inTitle = new Set(listPages(index.titleterms, word));
    const pages = new Set([...inText, ...inTitle]);
    const rarity = Math.log(1 + counts.length / (1 + pages.size));
    pages.forEach((page) => {
      const known = found.get(page) || { weight: 0, words: 0 };
      known.weight += rarity * (inTitle.has(page) ? IN_TITLE : 1);
      known.words += 1;
      found.set(page, known);
    });
  });
  const rank = ([page, known]) => {
    const length = 0.4 + 0.6 * (counts[page] / usual);
    return [page, (known.weight * known.words) / (words.size * Math.sqrt(length))];
  };
  const ranked = [...found].map(rank).sort((one, other) => other[1] - one[1]).slice(0, MOST);
  const best = ranked.length ? ranked[0][1] : 1;
  return ranked.map(([page, score]) => [
    index.docnames[page], index.titles[page], "", null, (10 * score) / best, index.filenames[page], "text",
  ]);
};
