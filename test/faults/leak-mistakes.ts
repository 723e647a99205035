// Configurations with a mistake in each, in which somebody's name, address or password stands: what is told of the mistake
// must not repeat it. In: the sound files; out: a file's name and its mistaken text. Example: a policy that exempts nobody.
import { NAME, PASSWORD, PROTECTED, V4 } from './leak-material.ts';

/** Gives files, each to be put in the place of the sound one, and to be refused. */
export function mistaken(
  sound: Readonly<Record<string, string>>,
): (readonly [file: string, content: string])[] {
  const granska = sound['config/granska.yaml']!;
  const directory = 'user,roles,department,population,validFrom,validThrough\n';
  const policy = sound['config/policy.yaml']!;
  return [
    ['config/directory.csv', `${directory}${NAME},,,nobody,,\n${NAME},,,,2020-01-01,never\n`],
    ['config/directory.csv', `${NAME},,Bygg,staff,2020-01-01,\n`],
    ['config/directory.csv', `${directory}"${NAME},,Bygg,staff\n`],
    ['config/directory.csv', `${directory}${NAME},,Bygg,staff,,,${V4}\n`],
    ['config/networks.csv', `CIDR,tenant,population\n${V4}/99,Provby,${NAME}\n`],
    ['config/policy.yaml', policy.replace(/users: .*/, `users: ${NAME}`)],
    ['config/policy.yaml', policy.replace(/approvers: .*/, `approvers: [${NAME}]`)],
    ['config/policy.yaml', policy.replace(/users: .*/, `users: [${NAME}, "${NAME}]`)],
    ['config/policy.yaml', policy.replace('validThrough: 2025-03-05', `validThrough: ${NAME}`)],
    ['config/policy.yaml', policy.replace('categories: [gambling]', `categories: [${NAME}]`)],
    ['config/policy.yaml', `${policy}    sites: ["http://${NAME}:${PASSWORD}@${PROTECTED}/ x"]\n`],
    ['config/policy.yaml', policy.replace(/users: .*/, `users: !${NAME} [*${NAME}]`)],
    ['config/granska.yaml', granska.replace('timezone: Europe/Stockholm', `timezone: ${NAME}`)],
    [
      'config/granska.yaml',
      `${granska}store: { kind: elasticsearch, url: "https://${NAME}:${PASSWORD}@es:9200" }\n`,
    ],
    [
      'config/granska.yaml',
      granska.replace(
        /^sources:[\s\S]*^run:/m,
        `sources: [{ name: a, kind: kafka, brokers: ["${NAME}:${PASSWORD}@kafka:9092"], topics: [t], format: ${NAME} }]\nrun:`,
      ),
    ],
  ];
}
