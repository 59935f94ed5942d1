import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/data';
import styles from './WaitHistogram.module.css';
import { seconds } from './format';
import type { WaitClass } from './types';

/** How many messages waited how long in the mailbox before their turn, while the actor was traced. */
export function WaitHistogram({ waits }: { waits: readonly WaitClass[] }) {
  const { t, i18n } = useTranslation('console');
  const language = i18n.language;
  const all = waits.reduce((sum, each) => sum + each.count, 0);
  if (all === 0) return null;
  const most = Math.max(...waits.map((each) => each.count));
  const label = ({ below_ms: below }: WaitClass, index: number) => {
    if (below !== null) return t('histogram.below', { time: seconds(below / 1000, language) });
    return t('histogram.more', { time: seconds((waits[index - 1]?.below_ms ?? 0) / 1000, language) });
  };
  return (
    <section className={styles.histogram}>
      <h3 id="console-waits">{t('histogram.title', { count: all })}</h3>
      <dl aria-labelledby="console-waits">
        {waits.map((each, index) => (
          <div key={each.below_ms ?? 'more'}>
            <dt>{label(each, index)}</dt>
            <dd>
              <i aria-hidden="true" style={{ width: `${(each.count / most) * 100}%` }} data-any={each.count > 0} />
              <span>{formatNumber(each.count, language)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
