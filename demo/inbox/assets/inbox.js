// Keeps the page live: exchanges what carries data-live when something arrives, marks what was not opened yet, fits mails.

const readKey = 'lookout-inbox-read';

function readIds() {
  try {
    return new Set(JSON.parse(localStorage.getItem(readKey) ?? '[]'));
  } catch {
    return new Set();
  }
}

function markUnread() {
  const read = readIds();
  const opened = document.querySelector('[data-message]:has([aria-current])')?.dataset.message;
  if (opened !== undefined && !read.has(opened)) {
    read.add(opened);
    localStorage.setItem(readKey, JSON.stringify([...read].slice(-1000)));
  }
  const unread = [...document.querySelectorAll('[data-message]')].filter((item) => !read.has(item.dataset.message));
  for (const item of unread) item.classList.add('unread');
  const title = document.title.replace(/^\(\d+\) /, '');
  document.title = unread.length === 0 ? title : `(${unread.length}) ${title}`;
}

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next === null) continue;
    const top = part.scrollTop;
    part.replaceChildren(...next.childNodes);
    part.scrollTop = top;
  }
  markUnread();
}

/** At most one exchange at a time and one more after it, however many events come. */
function throttled(work) {
  let running = false;
  let again = false;
  return async () => {
    again = running;
    if (running) return;
    running = true;
    try {
      await work();
    } catch {
      // The server is away; the event source tells when it is back.
    } finally {
      running = false;
    }
    if (again) setTimeout(update, 200);
  };
}

const update = throttled(refresh);

function listen() {
  const status = document.querySelector('[data-connection]');
  const events = new EventSource('/api/events');
  let lost = false;
  events.onopen = () => {
    status.textContent = 'live';
    status.dataset.state = 'live';
    if (lost) update();
    lost = false;
  };
  events.onerror = () => {
    status.textContent = 'not connected';
    status.dataset.state = 'lost';
    lost = true;
  };
  const traces = location.pathname.startsWith('/traces');
  for (const name of traces ? ['trace'] : ['message', 'cleared']) events.addEventListener(name, update);
}

function fitHeight(frame) {
  frame.style.height = '0';
  const height = frame.contentDocument?.documentElement?.scrollHeight;
  frame.style.height = height ? `${height}px` : '';
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-delete]');
  if (button === null || !confirm(button.dataset.question)) return;
  await fetch(button.dataset.delete, { method: 'DELETE' });
  location.assign('/');
});

for (const frame of document.querySelectorAll('iframe[data-fit]')) {
  frame.addEventListener('load', () => fitHeight(frame));
  if (frame.contentDocument?.readyState === 'complete') fitHeight(frame);
}
markUnread();
listen();
