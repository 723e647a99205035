// The groups of people that a policy treats apart, as people call them.
import type { Population } from '../model/subject.ts';

type Words = Readonly<Record<Population | 'all', string>>;

const en: Words = {
  all: 'everybody who is reviewed',
  staff: 'staff',
  elected: 'elected members',
  pupil: 'pupils',
  public: 'the public',
  guest: 'guests',
  server: 'servers',
  unknown: 'people whom the directory does not know',
};

const sv: Words = {
  all: 'alla som granskas',
  staff: 'anställda',
  elected: 'förtroendevalda',
  pupil: 'elever',
  public: 'allmänheten',
  guest: 'gäster',
  server: 'servrar',
  unknown: 'personer som katalogen inte känner',
};

export const POPULATION_TEXT = { en, sv };
