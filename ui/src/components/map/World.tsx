/** Coasts and borders behind a map that shows much of the world; exact to some kilometres, so nothing where one would see that. */

import { project, type Size, type View } from './geo';
import styles from './MapView.module.css';
import world from './world.json';

/** Lines of differences between places, longitude and latitude by turns, in `world.unit` degrees; as a path of the world 256 wide. */
function pathOf(lines: readonly (readonly number[])[], end: string): string {
  return lines.map((line) => {
    let [longitude, latitude] = [0, 0];
    const points: string[] = [];
    for (let index = 0; index < line.length; index += 2) {
      longitude += line[index]!;
      latitude += line[index + 1]!;
      const { x, y } = project({ longitude: longitude * world.unit, latitude: latitude * world.unit }, 0);
      points.push(`${x.toFixed(3)} ${y.toFixed(3)}`);
    }
    return `M${points.join('L')}${end}`;
  }).join('');
}

const LAND = pathOf(world.land, 'Z');
const BORDERS = pathOf(world.borders, '');
/** The world goes on to both sides; what lies over its edge belongs to one of them. */
const TURNS = [-1, 0, 1];
const OVER = 0.6;

export default function World({ view, size }: { view: View; size: Size }) {
  const scale = 2 ** view.zoom;
  const middle = project(view, view.zoom);
  const [left, top, width] = [size.width / 2 - middle.x, size.height / 2 - middle.y, 256 * scale];
  return TURNS.filter((turn) => left + (turn + 1 + OVER) * width > 0 && left + (turn - OVER) * width < size.width).map((turn) => (
    <g key={turn} transform={`translate(${left + turn * width} ${top}) scale(${scale})`}>
      <path className={styles.land} d={LAND} />
      <path className={styles.border} d={BORDERS} />
    </g>
  ));
}
