/** One view of a dashboard: sections, columns, or one card that fills it. */

import type { ReactNode } from 'react';
import { mdiHomeVariantOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components';
import { CardHost } from '@/lovelace/host';
import { type CardPath, isPanel, isSections, type ListPath } from '@/lovelace/model';
import type { CardConfig, ViewConfig } from '@/lovelace/types';
import { Later } from './Later';
import styles from './ViewBody.module.css';

/** What an editor puts around and after the cards. */
export interface Frame {
  card: (path: CardPath, config: CardConfig, shown: ReactNode, className: string) => ReactNode;
  list: (path: ListPath, cards: readonly CardConfig[], shown: ReactNode) => ReactNode;
  section?: (index: number, title: string) => ReactNode;
}

const HALF = new Set(['tile', 'button', 'entity', 'sensor', 'gauge']);

/** How many of a section's twelve columns a card takes. */
function columnsOf(card: CardConfig): number {
  const options = card.grid_options as { columns?: number | 'full' } | undefined;
  if (options?.columns === 'full') return 12;
  if (typeof options?.columns === 'number') return Math.min(12, Math.max(3, Math.round(options.columns)));
  return HALF.has(card.type) ? 6 : 12;
}

const WIDTHS: Record<number, string> = { 3: styles.w3!, 4: styles.w4!, 6: styles.w6!, 8: styles.w8!, 9: styles.w9!, 12: styles.w12! };
const widthOf = (card: CardConfig) => WIDTHS[columnsOf(card)] ?? (columnsOf(card) < 6 ? styles.w4! : columnsOf(card) < 12 ? styles.w6! : styles.w12!);

/** So many cards are there at once in any case. */
const AT_ONCE = 150;
const AT_ONCE_SECTIONS = 3;
const LINE_PX = 72;
/** About how high a section's cards are. */
const heightOf = (cards: readonly CardConfig[]) => Math.ceil(cards.reduce((sum, card) => sum + columnsOf(card), 0) / 12) * LINE_PX;

function headingOf(cards: readonly CardConfig[]): string {
  const first = cards[0];
  return first?.type === 'heading' && typeof first.heading === 'string' ? first.heading : '';
}

interface Props {
  view: ViewConfig;
  index: number;
  frame?: Frame;
}

export function ViewBody({ view, index, frame }: Props) {
  const { t } = useTranslation('home');

  const list = (section: number | null, cards: readonly CardConfig[], className: string, cardClass: (card: CardConfig) => string) => {
    const inside = cards.map((card, at) => {
      const shown = <CardHost config={card} />;
      const key = `${at} ${card.type} ${String(card.entity ?? '')}`;
      return frame ? frame.card({ view: index, section, card: at }, card, shown, cardClass(card)) : (
        <div key={key} className={cardClass(card)}>
          {shown}
        </div>
      );
    });
    return <div className={className}>{frame ? frame.list({ view: index, section }, cards, inside) : inside}</div>;
  };

  /** The heading at once; what stands below it when it is near. */
  const inSteps = (at: number, cards: readonly CardConfig[], now: boolean) => {
    const head = headingOf(cards) ? 1 : 0;
    const rest = cards.slice(head);
    return (
      <>
        {head > 0 && list(at, cards.slice(0, head), styles.grid!, widthOf)}
        {rest.length > 0 && (
          <Later now={now} height={heightOf(rest)}>
            {() => list(at, rest, head ? `${styles.grid} ${styles.rest}` : styles.grid!, widthOf)}
          </Later>
        )}
      </>
    );
  };

  if (isSections(view)) {
    const sections = view.sections ?? [];
    if (sections.length === 0 && !frame) return <Nothing />;
    const isLarge = sections.reduce((sum, section) => sum + (section.cards?.length ?? 0), 0) > AT_ONCE;
    return (
      <div className={styles.sections}>
        {sections.map((section, at) => {
          const name = headingOf(section.cards ?? []) || section.title || t('section', { number: at + 1 });
          return (
            <section key={`${at} ${name}`} aria-label={name} className={styles.section}>
              {frame?.section?.(at, name)}
              {section.title && !headingOf(section.cards ?? []) && <h2 className={styles.title}>{section.title}</h2>}
              {frame ? list(at, section.cards ?? [], styles.grid!, widthOf) : inSteps(at, section.cards ?? [], !isLarge || at < AT_ONCE_SECTIONS)}
            </section>
          );
        })}
      </div>
    );
  }
  const cards = view.cards ?? [];
  if (cards.length === 0 && !frame) return <Nothing own />;
  return list(null, cards, isPanel(view) ? styles.panel! : styles.columns!, () => styles.free!);
}

/** `own`: somebody made this view, and put nothing there. */
function Nothing({ own = false }: { own?: boolean }) {
  const { t } = useTranslation('home');
  return <EmptyState icon={mdiHomeVariantOutline} title={t('empty.title')} text={t(own ? 'empty.own' : 'empty.text')} />;
}
