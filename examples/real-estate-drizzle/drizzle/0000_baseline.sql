CREATE TABLE IF NOT EXISTS "Categories" ("id" text PRIMARY KEY, "name" text NOT NULL, "slug" text NOT NULL UNIQUE, "description" text, "parentId" text, "sortOrder" integer NOT NULL, FOREIGN KEY ("parentId") REFERENCES "Categories"("id"));
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "Properties" ("id" text PRIMARY KEY, "title" text NOT NULL, "slug" text NOT NULL UNIQUE, "description" text NOT NULL, "kind" text NOT NULL, "price" integer NOT NULL, "areaM2" integer NOT NULL, "plotM2" integer, "bedrooms" integer NOT NULL, "bathrooms" integer NOT NULL, "yearBuilt" integer NOT NULL, "address" text NOT NULL, "city" text NOT NULL, "zone" text NOT NULL, "latitude" integer NOT NULL, "longitude" integer NOT NULL, "features" text NOT NULL, "energyRating" text NOT NULL, "status" text NOT NULL, "isFeatured" integer NOT NULL DEFAULT FALSE, "listedAt" text NOT NULL);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "PropertiesImages" ("id" text PRIMARY KEY, "image" text NOT NULL, "propertyId" text NOT NULL REFERENCES "Properties" ("id"), "cloudinaryUrl" text, "cloudinaryPublicId" text, "isMigrated" integer NOT NULL DEFAULT FALSE);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "PropertyCategories" ("id" text PRIMARY KEY, "propertyId" text NOT NULL REFERENCES "Properties" ("id"), "categoryId" text NOT NULL REFERENCES "Categories" ("id"));
--> statement-breakpoint
CREATE UNIQUE INDEX IF NOT EXISTS "PropertyCategories_categoryId_propertyId_idx" ON "PropertyCategories" ("categoryId", "propertyId");
