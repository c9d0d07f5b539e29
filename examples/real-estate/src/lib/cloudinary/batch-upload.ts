import { uploadFiles } from 'overseed/astro';
import type { ImageToUpload, UploadResult } from '../../types/seed.ts';

/**
 * Uploads images and says where each one answers. Retries, concurrency and proof are Overseed's; uploading an image
 * again sends nothing to a second place. All of them, or an error that lists every image that failed.
 */
export async function uploadAllImagesToCloudinary(images: readonly ImageToUpload[]): Promise<UploadResult[]> {
  const paths = images.map(({ image }) => image);
  const uploaded = await uploadFiles(paths, { from: 'images', prefix: 'real-estate' });
  const byPath = new Map(uploaded.map((file) => [file.path, file]));
  return images.map(({ id, image }) => {
    const file = byPath.get(image);
    if (!file) throw new Error(`No result for ${image}`);
    return { id, cloudinaryUrl: file.url, cloudinaryPublicId: file.publicId };
  });
}
