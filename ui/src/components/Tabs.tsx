import { type ReactNode, useEffect, useRef } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './Tabs.module.css';

export interface TabEntry {
  id: string;
  label: ReactNode;
  /** Made only while its tab is chosen. */
  content: ReactNode;
  disabled?: boolean;
  /** Stays made, out of sight, while another tab is chosen: what was typed in it is not lost. */
  kept?: boolean;
}

/** Tabs with their panels. Without `value` they keep their own choice. */
export function Tabs({ tabs, label, value, onChange }: { tabs: readonly TabEntry[]; label: string; value?: string; onChange?: (id: string) => void }) {
  const list = useRef<HTMLDivElement>(null);
  // On a phone more tabs than fit are scrolled: the chosen one is in sight, and an edge behind which there are more fades.
  const show = () =>
    requestAnimationFrame(() => {
      const all = list.current;
      if (all && all.scrollWidth > all.clientWidth) all.querySelector('[data-selected]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
    });
  useEffect(() => {
    const all = list.current;
    if (!all) return undefined;
    const fade = () => {
      const left = Math.abs(all.scrollLeft);
      all.dataset.before = String(left > 1);
      all.dataset.after = String(left + all.clientWidth < all.scrollWidth - 1);
    };
    const observer = new ResizeObserver(() => {
      show();
      fade();
    });
    observer.observe(all);
    all.addEventListener('scroll', fade, { passive: true });
    return () => {
      observer.disconnect();
      all.removeEventListener('scroll', fade);
    };
  }, []);
  useEffect(() => {
    show();
  }, [value]);
  return (
    <AriaTabs
      className={styles.tabs!}
      {...(value === undefined ? {} : { selectedKey: value })}
      onSelectionChange={(key) => {
        onChange?.(String(key));
        show();
      }}
    >
      <TabList ref={list} aria-label={label} className={styles.list!}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} isDisabled={tab.disabled ?? false} className={styles.tab!}>
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.panel!} shouldForceMount={tab.kept ?? false}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
