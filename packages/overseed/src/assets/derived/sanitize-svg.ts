/**
 * Takes out of a drawing (SVG) whatever could act: it is parsed as XML, and written anew from what is on the lists below.
 * What is not listed is left out: scripts, event handlers, links, foreign content, animation, external files, and what
 * nobody has thought of yet.
 */
import { parseXml, XmlCdata, type XmlDocument, XmlElement, XmlText } from '@rgrove/parse-xml';
import { messageOf } from '../../model/error.ts';
import type { MeasuredFile } from '../measure-file.ts';
import { UnusableFile } from '../unusable-file.ts';
import type { DerivedFiles } from './derived-files.ts';

/** Grows when other bytes would be made of the same input. */
const RECIPE = 'sanitize-svg-1';

/** @throws UnusableFile when it is not well-formed, or nothing of it is left */
export function sanitizedSvg(source: MeasuredFile, derived: DerivedFiles): Promise<MeasuredFile> {
  return derived.derive([RECIPE], source, async (bytes) => ({
    bytes: Buffer.from(sanitizeSvg(bytes)),
    extension: 'svg',
  }));
}

/** The same drawing without what could act. @throws UnusableFile */
export function sanitizeSvg(bytes: Uint8Array): string {
  const { root } = parse(bytes);
  if (root?.name !== 'svg' || root.attributes.xmlns !== SVG)
    throw new UnusableFile(`is not an SVG: its root is not <svg xmlns="${SVG}">`);
  return `${element(root, 1, ` xmlns="${SVG}" xmlns:xlink="${XLINK}"`)}\n`;
}

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';
const MOST_LEVELS = 200;

const words = (text: string) => new Set(text.trim().split(/\s+/));

const ELEMENTS = words(`
  svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath
  linearGradient radialGradient stop pattern clipPath mask marker image style filter feBlend feColorMatrix
  feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
  feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence view`);

const ATTRIBUTES = words(`
  id class style lang role tabindex transform transform-origin viewBox preserveAspectRatio version x y x1 x2 y1 y2 cx cy r rx
  ry fx fy fr dx dy d points pathLength width height rotate textLength lengthAdjust startOffset method spacing side offset
  gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits maskUnits
  maskContentUnits markerUnits markerWidth markerHeight refX refY orient filterUnits primitiveUnits in in2 result mode type
  values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY
  edgeMode preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent kernelUnitLength scale
  xChannelSelector yChannelSelector azimuth elevation pointsAtX pointsAtY pointsAtZ limitingConeAngle z stdDeviation radius
  baseFrequency numOctaves seed stitchTiles requiredFeatures systemLanguage media title
  alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
  color-rendering cursor direction display dominant-baseline enable-background fill fill-opacity fill-rule filter flood-color
  flood-opacity font font-family font-size font-size-adjust font-stretch font-style font-variant font-weight
  glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation kerning letter-spacing lighting-color
  marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events
  shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
  stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering unicode-bidi vector-effect
  visibility word-spacing writing-mode xml:space xml:lang aria-label aria-labelledby aria-describedby aria-hidden`);

/** Elements whose reference may be a picture inside the file. */
const PICTURES = words('image feImage');
const PICTURE_DATA = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+$/;

function parse(bytes: Uint8Array): XmlDocument {
  try {
    // No entities but the five of XML are known to this parser, so none can grow or reach out.
    return parseXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    throw new UnusableFile(`is not well-formed: ${reason.slice(0, 200)}`);
  }
}

function element(node: XmlElement, level: number, namespaces = ''): string {
  if (level > MOST_LEVELS) throw new UnusableFile(`is nested more than ${MOST_LEVELS} levels deep`);
  const attributes = Object.entries(node.attributes)
    .filter(([name, value]) => isHarmless(node.name, name, value))
    .map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const content = node.name === 'style' ? styleSheet(node) : children(node, level);
  return `<${node.name}${namespaces}${attributes.join('')}${content === '' ? '/>' : `>${content}</${node.name}>`}`;
}

function children(node: XmlElement, level: number): string {
  return node.children
    .map((child) => {
      if (child instanceof XmlElement) return ELEMENTS.has(child.name) ? element(child, level + 1) : '';
      return child instanceof XmlText || child instanceof XmlCdata ? escaped(child.text) : '';
    })
    .join('');
}

function isHarmless(elementName: string, name: string, value: string): boolean {
  if (name === 'href' || name === 'xlink:href')
    return value.startsWith('#') || (PICTURES.has(elementName) && PICTURE_DATA.test(value));
  return ATTRIBUTES.has(name) && isHarmlessCss(value);
}

function styleSheet(node: XmlElement): string {
  const css = node.text;
  return isHarmlessCss(css) ? escaped(css) : '';
}

/** Words with which style reaches out of the file, or acts. A backslash could write any word so that it is not found. */
const REACHES_OUT =
  /\\|url\s*\(|src\s*\(|image(?:-set)?\s*\(|@import|expression\s*\(|javascript:|behavior\s*:|-moz-binding/i;

/** With comments and without: what looks like one may be inside a string, and the other way round. */
function isHarmlessCss(css: string): boolean {
  const inside = css.replace(/url\(\s*(["']?)#[\w.:-]+\1\s*\)/gi, ' ');
  return !REACHES_OUT.test(inside) && !REACHES_OUT.test(inside.replace(/\/\*[\s\S]*?\*\//g, ''));
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
