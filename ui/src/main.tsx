import '@/app/tokens.css';
import '@/app/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { enter } from '@/app/enter';
import { chosenLanguage, startI18n } from '@/app/i18n';
import { pageAt } from '@/app/pages';

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  // Without one (no HTTPS, a private window) the interface works all the same, it only does not open offline.
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}

// Side by side with the texts: who comes, over which connection, and what the first page is drawn with.
const first = enter(chosenLanguage());
await startI18n(pageAt(location.pathname)?.name);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App first={first} />
  </StrictMode>,
);
