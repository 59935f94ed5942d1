import '@/app/tokens.css';
import '@/app/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { startI18n } from '@/app/i18n';
import { pageAt } from '@/app/pages';

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  // Without one (no HTTPS, a private window) the interface works all the same, it only does not open offline.
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}

// Side by side with the texts: the frame, and the page of this address.
void import('@/app/Shell').catch(() => undefined); // tried again, and told, when it is shown
void pageAt(location.pathname)?.load?.().catch(() => undefined);
await startI18n();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
