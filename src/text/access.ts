// What people read where a case is opened, in Swedish and English. A name is shown with what it does not say.

const en = {
  labels: { case: 'case', day: 'day', category: 'category', name: 'name', until: 'shown until' },
  states: { pending: 'pending', granted: 'granted', ended: 'ended' },
  ended: {
    refused: 'refused',
    unanswered: 'nobody answered in time',
    over: 'its 24 hours are over',
    ahead: 'its time lies ahead of this clock',
  },
  voids: {
    unreadable: 'it cannot be read',
    'not-signed-so': 'nobody of people.yaml signed it as it stands',
    'no-duty': 'who signed it does not have the duty',
    moved: 'it was signed for another place or time',
    'no-such-request': 'it answers a request that does not stand so',
    'same-person': 'it is an answer by the person who asked',
    answered: 'the request had been answered already',
    'too-late': 'the request had waited too long',
  },
  caution: [
    'The name stands for the account that the proxy or a lease named; who sat there it does not say.',
    'Use it for this case only. Hear the person before anything is held against them.',
    'That you saw it is noted in the audit chain.',
  ],
};

const sv: typeof en = {
  labels: { case: 'ärende', day: 'dag', category: 'kategori', name: 'namn', until: 'visas till' },
  states: { pending: 'väntar', granted: 'beviljad', ended: 'avslutad' },
  ended: {
    refused: 'avslagen',
    unanswered: 'ingen svarade i tid',
    over: 'dess 24 timmar har gått',
    ahead: 'dess tid ligger före den här klockan',
  },
  voids: {
    unreadable: 'raden kan inte läsas',
    'not-signed-so': 'ingen i people.yaml har signerat den som den står',
    'no-duty': 'den som signerade har inte uppgiften',
    moved: 'den signerades för en annan plats eller tid',
    'no-such-request': 'den svarar på en begäran som inte står så',
    'same-person': 'den är ett svar av den som frågade',
    answered: 'begäran var redan besvarad',
    'too-late': 'begäran hade väntat för länge',
  },
  caution: [
    'Namnet står för det konto som proxyn eller en adressuppgift angav; det säger inte vem som satt där.',
    'Använd det bara i det här ärendet. Hör personen innan något läggs någon till last.',
    'Att du såg det är antecknat i granskningskedjan.',
  ],
};

/** Words on the opening of cases by language. */
export const ACCESS_TEXT = { en, sv };
