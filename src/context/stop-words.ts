/** English words, and words of requests, that say nothing about where to look. */
const STOP_WORDS = new Set(
  `able about above access add added adding after again all allow also always and another any anything are around
  ask because been before behaviour behavior being below better between bit both bug but call called can cannot
  change changed check come could create current currently default describe did different does doing done down each
  either else end ensure error even every everything example exist existing expected fail fails failing failed fix
  fixed following for found from further general get give given goe going good had happen happening has have help her
  here him his how however implement improve include inside instead into issue its just keep kind know last least
  less let like line list look made make many may maybe mean more most much must name need needed never new nexu nice
  nobody none not nothing now number off old once one only open other our out over own part people perhaps place
  please possible problem provide put question quite rather really remove request result return right run running
  same say see seem set several shall she should show shown since some someone something soon still stop such sure
  take than that the their them then there these they thing think this those three through time too toward trace two
  under until update use used useful user using value very via want was way well were what when where whether which
  while who whole whose why will with within without work working would wrong yes yet you your`.split(
    /\s+/,
  ),
);

/** True for a word that stands in every second request. Small letters, without the plural's s. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}
