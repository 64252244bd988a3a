// Keeps a page current: sections that the server sends anew, times that pass, and the word that the server is gone.
const page = document.querySelector('main').dataset.page;
const offline = document.getElementById('offline');
let lead = 0;

if (page === 'sections') listen();
if (page === 'refresh') setInterval(refresh, 2000);
setInterval(tick, 1000);

function listen() {
  const events = new EventSource('/events');
  events.addEventListener('head', ({ data }) => {
    const { now, title, mood } = JSON.parse(data);
    lead = now - Date.now();
    document.title = title;
    const icon = document.getElementById('icon');
    if (!icon.href.endsWith(`/icon-${mood}.svg`)) icon.href = `/icon-${mood}.svg`;
    offline.hidden = true;
  });
  events.addEventListener('section', ({ data }) => {
    const { id, markup } = JSON.parse(data);
    replace(document.getElementById(id), markup);
    tick();
  });
  events.addEventListener('error', () => {
    offline.hidden = false;
  });
}

// What is unfolded stays unfolded, and what has the focus keeps it.
function replace(section, markup) {
  const open = [...section.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = section.contains(document.activeElement) ? focusables(section).indexOf(document.activeElement) : -1;
  section.innerHTML = markup;
  section.hidden = markup === '';
  for (const details of section.querySelectorAll('details')) details.open = open.includes(details.id);
  if (focused >= 0) focusables(section)[focused]?.focus();
}

function focusables(section) {
  return [...section.querySelectorAll('a, button, summary')];
}

async function refresh() {
  try {
    const response = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
    const main = document.querySelector('main');
    const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 40;
    if (fresh.innerHTML !== main.innerHTML) main.innerHTML = fresh.innerHTML;
    if (atEnd) scrollTo(0, document.body.scrollHeight);
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
}

function tick() {
  const now = Date.now() + lead;
  for (const time of document.querySelectorAll('time[data-live]')) {
    const text = wording[time.dataset.live](Date.parse(time.dateTime), now, time);
    if (time.textContent !== text) time.textContent = text;
  }
  for (const bar of document.querySelectorAll('progress[data-live]'))
    bar.value = Math.min(bar.max, (now - Date.parse(bar.dataset.at)) / 1000);
}

const wording = {
  ago: (at, now) => `${span(now - at)} ago`,
  since: (at, now) => span(now - at),
  until: (at, now) => (at > now ? `in ${span(at - now)}` : `${span(now - at)} ago`),
  held: (at, now, { dataset }) =>
    `${Math.min(Number(dataset.hold), Math.max(0, Math.floor((now - at) / 1000)))} of ${dataset.hold} s`,
};

// The two largest units, as common/durations.ts says them.
function span(milliseconds) {
  const units = [
    ['d', 86400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  let rest = Math.max(0, Math.floor(milliseconds / 1000));
  const first = units.findIndex(([, size]) => rest >= size);
  if (first < 0) return '0 s';
  const parts = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * size;
  }
  return parts.join(' ');
}
