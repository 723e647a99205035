/** Lists the domains of the Google search engine, each of which wraps targets in the same ways. */
export const GOOGLE_DOMAINS: readonly string[] = [
  ...under(
    'google',
    'com ad ae al am as at az ba be bf bg bi bj bs bt by ca cat cd cf cg ch ci cl cm cn cv cz de dj',
  ),
  ...under(
    'google',
    'dk dm dz ee es eu fi fm fr ga ge gg gl gm gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li',
  ),
  ...under(
    'google',
    'lk lt lu lv md me mg mk ml mn mu mv mw ne nl no nr nu pl pn ps pt ro rs ru rw sc se sh si sk sm',
  ),
  ...under('google', 'sn so sr st td tg tl tm tn to tt vg vu ws'),
  ...under(
    'google.com',
    'af ag ar au bd bh bn bo br bz co cu cy do ec eg et fj gh gi gt hk jm kh kw lb ly mm mt mx my',
  ),
  ...under('google.com', 'na ng ni np om pa pe pg ph pk pr py qa sa sb sg sl sv tj tr tw ua uy vc vn'),
  ...under('google.co', 'ao bw ck cr id il in jp ke kr ls ma mz nz th tz ug uk uz ve vi za zm zw'),
];

function under(stem: string, suffixes: string): string[] {
  return suffixes.split(' ').map(suffix => `${stem}.${suffix}`);
}
